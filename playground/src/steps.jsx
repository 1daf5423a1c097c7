import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { forgetTabs } from './tabs.js';

/** Long lines are folded and the type is small: the comments above the operations are meant to be read. */
function useReadableEditors() {
  const editors = useGraphiQL(pick('queryEditor', 'variableEditor', 'responseEditor'));
  useEffect(() => {
    for (const editor of Object.values(editors)) editor?.updateOptions({ wordWrap: 'on', fontSize: 13, lineHeight: 19 });
  }, [editors]);
}

/** From tab to tab, also where there are more than the width can show. */
export function Steps() {
  const { tabs, activeTabIndex } = useGraphiQL(pick('tabs', 'activeTabIndex'));
  const { changeTab } = useGraphiQLActions();
  useReadableEditors();
  useEffect(() => {
    const tab = document.querySelector('.graphiql-tab-active');
    tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [activeTabIndex]);

  const move = (label, arrow, by) => (
    <button
      type="button"
      className="cpor-button"
      aria-label={label}
      title={label}
      disabled={!tabs[activeTabIndex + by]}
      onClick={() => changeTab(activeTabIndex + by)}
    >
      {arrow}
    </button>
  );
  return (
    <nav className="cpor-steps" aria-label="Tabs">
      {move('Previous tab', '‹', -1)}
      <span>
        {activeTabIndex + 1} of {tabs.length}
      </span>
      {move('Next tab', '›', 1)}
      <button
        type="button"
        className="cpor-button cpor-plain"
        title="Puts all tabs back as they came"
        onClick={() => {
          forgetTabs();
          window.location.reload();
        }}
      >
        Reset tabs
      </button>
    </nav>
  );
}
