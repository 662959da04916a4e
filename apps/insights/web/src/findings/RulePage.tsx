import {
  ErrorState,
  Loaded,
  Notice,
  Page,
  Problem,
  RelativeTime,
  SeverityBadge,
  useApi,
  useCrumbs,
} from '@gatehouse/ui';
import { IconEyeOff } from '@tabler/icons-react';
import { pages } from '../../../src/api/pages.ts';
import { useParam, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Recommendation } from '../api/types.ts';
import { FindingsTable } from './FindingsTable.tsx';
import classes from './findings.module.css';
import { RuleState } from './RuleState.tsx';
import { Mitre, Remediation, Why } from './RuleWords.tsx';

/** One rule: why it is there, what to do, and everything it found. */
export function RulePage() {
  const tenantId = useTenantId();
  const ruleId = useParam('ruleId');
  const rules = useApi(paths.recommendations(tenantId));
  const rule = rules.data?.find((one) => one.ruleId === ruleId);
  useCrumbs({ title: 'Recommendations', href: pages.recommendations(tenantId) }, { title: rule?.title ?? '…' });
  return (
    <Loaded query={rules} rows={6} height={60}>
      {() =>
        rule === undefined ? (
          <ErrorState error={new Problem(404, 'Not found')} />
        ) : (
          <Rule tenantId={tenantId} rule={rule} />
        )
      }
    </Loaded>
  );
}

function Rule({ tenantId, rule }: { tenantId: string; rule: Recommendation }) {
  const { title, summary, severity, worst, blind, catalogue, evaluatedAt, why, remediation, mitre } = rule;
  return (
    <Page
      title={title}
      lead={
        <>
          {summary} <span className={classes.code}>{catalogue}</span> evaluated{' '}
          <RelativeTime at={evaluatedAt} none="not yet" />
        </>
      }
      aside={
        <>
          <SeverityBadge severity={worst ?? severity} />
          <RuleState rule={rule} />
        </>
      }
    >
      {blind.length === 0 ? null : (
        <Notice tone="medium" icon={<IconEyeOff size={17} />} title="This rule cannot see everything">
          <ul className={classes.blind}>
            {blind.map(({ connectionId, connectionName, reason }) => (
              <li key={`${connectionId}:${reason}`}>
                {connectionId === null ? (
                  connectionName
                ) : (
                  <a href={pages.connection(tenantId, connectionId)}>{connectionName}</a>
                )}
                : {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className={classes.halves}>
        <div className={classes.stack}>
          <Why why={why} />
          <Mitre mitre={mitre} />
        </div>
        <div className={classes.stack}>
          <Remediation steps={remediation} />
        </div>
      </div>
      <FindingsTable tenantId={tenantId} rule={rule.ruleId} />
    </Page>
  );
}
