import { Button, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Notice } from '../Notice.tsx';
import { Section } from '../Page.tsx';
import { send } from '../program/send.ts';
import { ErrorState } from '../states.tsx';
import { Tag } from '../Tag.tsx';
import classes from './List.module.css';

/** What came of a test; null: not tried, because something failed before. */
interface TestAnswer {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly id: string;
    readonly name: string;
    readonly ok: boolean | null;
    readonly sentence: string;
  }[];
}

interface StepsTestProps {
  title: string;
  action: string;
  path: string;
  /** What is in the form, saved or not. */
  body(): unknown;
  children?: ReactNode;
}

/** Tries settings, one step after the other, and says of each what came of it. */
export function StepsTest({ title, action, path, body, children }: StepsTestProps) {
  const test = useMutation({ mutationFn: () => send<TestAnswer>('POST', path, body()) });
  return (
    <Section
      title={title}
      lead="Tries what is entered, before it is saved."
      actions={
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          disabled={test.isPending}
          onClick={() => test.mutate()}
        >
          {test.data === undefined ? action : 'Test again'}
        </Button>
      }
    >
      {children}
      <div aria-live="polite">
        {test.isPending ? (
          <Loader size="sm" aria-label="Being tried" />
        ) : test.error !== null ? (
          <ErrorState error={test.error} />
        ) : test.data === undefined ? (
          <Text size="sm" c="dimmed">
            Not tested yet.
          </Text>
        ) : (
          <Results answer={test.data} />
        )}
      </div>
    </Section>
  );
}

function Results({ answer: { ok, steps } }: { answer: TestAnswer }) {
  return (
    <Stack gap="sm">
      {ok ? (
        <Notice
          tone="low"
          icon={<IconCheck size={17} />}
          title={steps.every((step) => step.ok === true) ? 'Everything works' : 'What was tried works'}
        />
      ) : (
        <Notice tone="critical" title="Something does not work yet" />
      )}
      <ul className={classes.plain} aria-label="Steps">
        {steps.map((step) => (
          <li key={step.id} className={classes.step}>
            <span>
              <b>{step.name}</b>
              <br />
              {step.sentence}
            </span>
            {step.ok === null ? (
              <Tag tone="quiet" icon={<IconMinus size={13} />}>
                Not tried
              </Tag>
            ) : step.ok ? (
              <Tag tone="good" icon={<IconCheck size={13} />}>
                Passed
              </Tag>
            ) : (
              <Tag tone="critical" icon={<IconAlertTriangle size={13} />}>
                Failed
              </Tag>
            )}
          </li>
        ))}
      </ul>
    </Stack>
  );
}
