import { ChevronDownIcon, DropdownMenu } from '@graphiql/react';
import { Fragment } from 'react';
import { byOrganization, hue, initials } from './people.js';

function Badge({ people, person }) {
  return (
    <span className="cpor-badge" style={{ '--hue': hue(people, person) }} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

/** Shows who is asking; opens the list of people, grouped by organization. */
export function PersonMenu({ people, person, onChoose }) {
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="cpor-person" data-testid="person" data-handle={person.handle}>
        <Badge people={people} person={person} />
        <span className="cpor-who">
          <span>
            <span className="cpor-quiet">Asking as</span> <b>{person.name}</b>
          </span>
          <span className="cpor-quiet">
            {[person.role, person.organization].filter(Boolean).join(' · ')}
          </span>
        </span>
        <ChevronDownIcon aria-hidden="true" />
      </DropdownMenu.Button>
      <DropdownMenu.Content className="cpor-people">
        {byOrganization(people).map(([organization, members]) => (
          <Fragment key={organization}>
            {organization && <div className="cpor-organization">{organization}</div>}
            {members.map(member => (
              <DropdownMenu.Item
                key={member.handle}
                data-person={member.handle}
                aria-current={member.handle === person.handle}
                onSelect={() => onChoose(member)}
              >
                <Badge people={people} person={member} />
                <span className="cpor-who">
                  <b>{member.name}</b>
                  <span className="cpor-quiet">{member.role}</span>
                </span>
                <code className="cpor-quiet">{member.handle}</code>
              </DropdownMenu.Item>
            ))}
          </Fragment>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
