import { Loaded, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Switch } from '@mantine/core';
import { useOptionChange } from '../accounts/ApiPage.tsx';
import { paths } from '../api/paths.ts';
import { RetentionForm } from './RetentionForm.tsx';

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
      <RetentionForm />
    </Page>
  );
}
