import { Section, useApi } from '@gatehouse/ui';
import { KeyPanel } from '../support/KeyPanel.tsx';
import { supportPaths } from '../support/paths.ts';
import { SessionsOf } from '../support/SessionsOf.tsx';

interface CaseSessionsProps {
  readonly caseId: string;
  /** As people write it: `SC-1024`. */
  readonly number: string;
}

/** Support sessions of a case, and the key that starts one; nothing until a site is connected to this desk. */
export function CaseSessions({ caseId, number }: CaseSessionsProps) {
  const own = useApi(supportPaths.ownConnections);
  const connectionId = own.data?.items[0]?.connectionId;
  if (connectionId === undefined) return null;
  return <Connected connectionId={connectionId} caseId={caseId} number={number} />;
}

function Connected({ connectionId, caseId, number }: CaseSessionsProps & { readonly connectionId: string }) {
  const ticket = useApi(supportPaths.ticket(connectionId, number), { once: true });
  return (
    <Section title="Support sessions" lead="The customer enters the key on the support page, or opens its link.">
      {ticket.data === undefined ? null : <KeyPanel connectionId={connectionId} ticket={ticket.data} />}
      <p>
        <a href={`/start/${connectionId}/${encodeURIComponent(number)}`}>Start a session with a Jump Client</a>, where
        nobody has to enter a key.
      </p>
      <SessionsOf connectionId={connectionId} ticketId={caseId} />
    </Section>
  );
}
