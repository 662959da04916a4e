import { directoryStream } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const trustWithTicketDelegation = defineRule({
  id: 'trust-with-ticket-delegation',
  catalogue: 'AD19',
  title: 'Trust lets tickets be handed on',
  summary: 'Tickets of people of this forest may be delegated by servers of the other one.',
  why: 'A server with unconstrained delegation there keeps the tickets of administrators of this forest who visit it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1134.005', 'T1482'],
  needs: [directoryStream('trusts')],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(fact('Direction', `r.attributes->>'direction'`, 'resources', 'r'), fact('Kind', `case when r.attributes->>'isForest' = 'true' then 'forest' else 'external' end`, 'resources', 'r'), fact('Delegates tickets', `r.attributes->>'delegatesTickets'`, 'resources', 'r'))}
    from resources r
    where r.type = 'trust' and r.status = 'enabled' and r.attributes->>'isWithinForest' = 'false' and r.attributes->>'direction' in ('inbound', 'both') and r.attributes->>'delegatesTickets' = 'true'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'The attributes of a trust may not be read.' as reason
    from resources r where r.type = 'trust' and (r.attributes->>'isWithinForest' is null or r.attributes->>'filtersSids' is null)`,
  remediation: ['Switch it off: `netdom trust <this domain> /domain:<other domain> /EnableTGTDelegation:no`.'],
});
