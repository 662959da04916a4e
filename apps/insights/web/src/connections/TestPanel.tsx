import { ErrorState, HealthBadge, Notice, Section } from '@gatehouse/ui';
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconPlugConnected } from '@tabler/icons-react';
import type { TestResult } from '../api/types.ts';
import classes from './connections.module.css';
import { FaultView } from './FaultView.tsx';

interface TestPanelProps {
  isBusy: boolean;
  result: TestResult | undefined;
  /** The values changed since this result. */
  isOutdated: boolean;
  error: unknown;
  onTest(): void;
}

/** Tests the values on the screen, saved or not, and says per stream what can be read. */
export function TestPanel({ isBusy, result, isOutdated, error, onTest }: TestPanelProps) {
  return (
    <Section
      title="Test connection"
      lead="Uses the values on this page. Nothing is saved."
      actions={
        <Button variant="default" leftSection={<IconPlugConnected size={16} />} onClick={onTest} disabled={isBusy}>
          {result === undefined ? 'Test connection' : 'Test again'}
        </Button>
      }
    >
      <div aria-live="polite">
        {isBusy ? (
          <Group gap="sm">
            <Loader size="sm" />
            <Text size="sm">Asking the system…</Text>
          </Group>
        ) : result !== undefined ? (
          <Result result={result} isOutdated={isOutdated} />
        ) : error !== null && error !== undefined ? (
          <ErrorState error={error} />
        ) : (
          <Text size="sm" c="dimmed">
            Not tested yet.
          </Text>
        )}
      </div>
    </Section>
  );
}

function Result({ result, isOutdated }: { result: TestResult; isOutdated: boolean }) {
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <HealthBadge health={result.health} />
        {isOutdated ? (
          <Text size="sm" c="dimmed">
            The values have changed since.
          </Text>
        ) : null}
      </Group>
      {result.fault === null ? null : <FaultView fault={result.fault} isTest />}
      {result.notes.map((note) => (
        <Notice key={note} tone="low" icon={<IconInfoCircle size={17} />}>
          {note}
        </Notice>
      ))}
      {result.caveats.map(({ code, advice }) => (
        <Notice key={code} tone="medium" icon={<IconAlertTriangle size={17} />}>
          {advice}
        </Notice>
      ))}
      {result.streams.length === 0 ? null : (
        <ul className={classes.streams} aria-label="What can be read">
          {result.streams.map(({ stream, title, ok, advice }) => (
            <li key={stream}>
              {ok ? (
                <IconCheck size={15} className={classes.ok} aria-label="Can be read" />
              ) : (
                <IconAlertTriangle size={15} className={classes.bad} aria-label="Cannot be read" />
              )}
              <span>
                {title}
                {advice === null ? null : (
                  <Text size="xs" c="dimmed">
                    {advice}
                  </Text>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
