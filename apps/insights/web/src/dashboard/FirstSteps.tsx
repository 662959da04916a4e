import { Section, Steps, useApi } from '@gatehouse/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import { useMay } from '../frame/tenant.ts';

/** What a newcomer does next, in a tenant without a connector. */
export function FirstSteps({ tenantId }: { tenantId: string }) {
  const mayConnect = useMay('administrator');
  const settings = useApi(paths.settings(tenantId));
  const hasDomains = (settings.data?.ownedDomains.length ?? 0) > 0;
  return (
    <Section
      title="Three steps to your first findings"
      lead="About ten minutes, most of them in the system that you connect."
    >
      <Steps
        steps={[
          {
            id: 'connect',
            title: 'Connect a system',
            isDone: false,
            children: (
              <>
                <Text maw={640} mb="sm">
                  A connector reads identities, accounts, groups, roles and events of one system, with read-only access
                  that you create there. The wizard says what to click.
                </Text>
                {mayConnect ? (
                  <Group>
                    <Button
                      component="a"
                      href={pages.availableConnectors(tenantId)}
                      leftSection={<IconPlug size={16} />}
                    >
                      Choose a connector
                    </Button>
                  </Group>
                ) : (
                  <Text c="dimmed">An administrator of this tenant can do this.</Text>
                )}
              </>
            ),
          },
          {
            id: 'domains',
            title: 'Say which mail domains are yours',
            isDone: hasDomains,
            children: (
              <Text maw={640}>
                Accounts in different systems are joined to one identity by e-mail only within domains that you own.{' '}
                <a href={`${pages.dashboard(tenantId)}/settings`}>Open the settings</a>
              </Text>
            ),
          },
          {
            id: 'recommendations',
            title: 'Read the recommendations',
            isDone: false,
            children: (
              <Text maw={640}>
                After the first read, <a href={pages.recommendations(tenantId)}>recommendations</a> show what is wrong,
                the facts that say so, and what to do about it, worst first.
              </Text>
            ),
          },
        ]}
      />
    </Section>
  );
}
