import { count, Loaded, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { NativeSelect, Switch } from '@mantine/core';
import { idleTimeouts } from '../../../src/api/permissions.ts';
import { useOptionChange } from '../accounts/ApiPage.tsx';
import { paths } from '../api/paths.ts';
import { RetentionForm } from './RetentionForm.tsx';

const timeOf = (seconds: number): string =>
  seconds === 0 ? 'Never' : seconds < 3_600 ? count(seconds / 60, 'minute') : count(seconds / 3_600, 'hour');
const idleTimes = idleTimeouts
  .filter((seconds) => seconds >= 0)
  .map((seconds) => ({ value: String(seconds), label: timeOf(seconds) }));

/** Management > Security. */
export function SecurityPage() {
  useCrumbs({ title: 'Security' });
  const options = useApi(paths.options);
  const change = useOptionChange();
  return (
    <Page title="Security" lead="Switches of the whole site.">
      <Section title="Endpoint Credential Manager">
        <Loaded query={options} rows={1}>
          {({ allowEcmConnections }) => (
            <Switch
              label="Allow Endpoint Credential Manager Connections"
              description="Each ECM needs an API account with access to the Endpoint Credential Manager API besides."
              checked={allowEcmConnections}
              disabled={change.isPending}
              onChange={(event) => change.mutate({ allowEcmConnections: event.currentTarget.checked })}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Sessions">
        <Loaded query={options} rows={1}>
          {({ sessionIdleSeconds }) => (
            <NativeSelect
              label="End idle sessions after"
              description="For users whose group policy leaves it to the site. Where a session policy is stricter, it counts. For sessions that begin from now on."
              maw={420}
              data={idleTimes}
              value={String(sessionIdleSeconds)}
              disabled={change.isPending}
              onChange={(event) => change.mutate({ sessionIdleSeconds: Number(event.currentTarget.value) })}
            />
          )}
        </Loaded>
      </Section>
      <RetentionForm />
    </Page>
  );
}
