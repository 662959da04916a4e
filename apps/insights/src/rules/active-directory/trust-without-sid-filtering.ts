import { directoryStream } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const trustWithoutSidFiltering = defineRule({
  id: 'trust-without-sid-filtering',
  catalogue: 'AD19',
  title: 'Trust takes foreign identifiers as they come',
  summary: 'SID filtering is off on a trust towards another domain or forest.',
  why: 'An administrator there writes a privileged identifier of this domain into a ticket, and has what it has here.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1134.005', 'T1482'],
  needs: [directoryStream('trusts')],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')},
      ${evidence(fact('Direction', `r.attributes->>'direction'`, 'resources', 'r'), fact('Kind', `case when r.attributes->>'isForest' = 'true' then 'forest' else 'external' end`, 'resources', 'r'), fact('Filters SIDs', `r.attributes->>'filtersSids'`, 'resources', 'r'))}
    from resources r
    where r.type = 'trust' and r.status = 'enabled' and r.attributes->>'isWithinForest' = 'false' and r.attributes->>'direction' in ('outbound', 'both') and r.attributes->>'filtersSids' = 'false'`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'The attributes of a trust may not be read.' as reason
    from resources r where r.type = 'trust' and (r.attributes->>'isWithinForest' is null or r.attributes->>'filtersSids' is null)`,
  remediation: [
    'Switch it on: `netdom trust <this domain> /domain:<other domain> /quarantine:yes` (external) or `/enablesidhistory:no` (forest).',
    'If it is off for a migration, note when that ends.',
  ],
});
