import { Notice, send, toProblem } from '@gatehouse/ui';
import { Button, Group, Radio, Stack, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PortalSession } from '../../../src/api/portal.ts';

interface SurveyProps {
  questions: PortalSession['survey'];
  /** Of the API, where the answers go. */
  address: string;
  onDone(): void;
}

/** What is asked once a session is over; nothing has to be answered. */
export function Survey({ questions, address, onDone }: SurveyProps) {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const answer = useMutation({
    mutationFn: () =>
      send('POST', address, { answers: Object.entries(given).map(([name, value]) => ({ name, value })) }),
    onSuccess: onDone,
  });
  const set = (name: string) => (value: string) => setGiven((before) => ({ ...before, [name]: value }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        answer.mutate();
      }}
    >
      <Stack gap="md">
        {answer.error === null ? null : (
          <Notice tone="critical" title="This was not sent" isUrgent>
            {toProblem(answer.error).detail}
          </Notice>
        )}
        {questions.map(({ name, label, type, options }) =>
          type === 'radio' ? (
            <Radio.Group key={name} label={label} value={given[name] ?? ''} onChange={set(name)}>
              <Group gap="md" mt={6}>
                {options.map((option, index) => (
                  <Radio
                    key={option}
                    value={option}
                    label={index === 0 ? `${option}, badly` : index === options.length - 1 ? `${option}, well` : option}
                  />
                ))}
              </Group>
            </Radio.Group>
          ) : (
            <Textarea
              key={name}
              label={label}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={4_000}
              value={given[name] ?? ''}
              onChange={(event) => set(name)(event.currentTarget.value)}
            />
          ),
        )}
        <Group gap="sm">
          <Button type="submit" loading={answer.isPending} disabled={Object.values(given).every((one) => one === '')}>
            Send
          </Button>
          <Button variant="subtle" color="gray" onClick={onDone}>
            No, thank you
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
