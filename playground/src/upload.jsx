import { useEffect, useRef, useState } from 'react';
import { sample, send } from './sample.js';

/** Offers to send a file when a result has said where one may be sent. */
export function Upload({ upload, token, onDone }) {
  const [outcome, setOutcome] = useState('');
  const [busy, setBusy] = useState(false);
  const input = useRef(null);
  useEffect(() => {
    if (upload) setOutcome('');
  }, [upload]);

  async function deliver(choose) {
    setBusy(true);
    try {
      const { name, blob } = await choose();
      const answer = await send(upload, blob, token);
      setOutcome(`Sent ${name} (${blob.size.toLocaleString('en')} bytes).`);
      onDone(answer);
    } catch (error) {
      setOutcome(`Not sent: ${error.message}`);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="cpor-upload">
      <span role="status">{outcome}</span>
      {upload && (
        <>
          <span>An upload waits for its file.</span>
          <button type="button" className="cpor-button" disabled={busy} onClick={() => deliver(sample)}>
            Send the sample PDF
          </button>
          <button type="button" className="cpor-button" disabled={busy} onClick={() => input.current.click()}>
            Choose a file…
          </button>
          <input
            ref={input}
            type="file"
            hidden
            aria-label="File to send"
            onChange={({ target }) => {
              const [file] = target.files;
              target.value = '';
              if (file) deliver(async () => ({ name: file.name, blob: file }));
            }}
          />
        </>
      )}
    </div>
  );
}
