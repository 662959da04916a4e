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

/** What is asked once a session is over; whoever does not want to answers nothing. */
export function Survey({ questions, address, onDone }: SurveyProps) {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const answer = useMutation({
    mutationFn: () =>
      send('POST', address, { answers: Object.entries(given).map(([name, value]) => ({ name, value })) }),
    onSuccess: onDone,
  });
  const isEmpty = Object.values(given).every((one) => one.trim() === '');
  const isMissing = questions.some(({ name, required }) => required && (given[name] ?? '').trim() === '');
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
        {questions.map(({ name, label, type, options, required }) =>
          type === 'text' ? (
            <Textarea
              key={name}
              {...{ label, required }}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={4_000}
              value={given[name] ?? ''}
              onChange={(event) => set(name)(event.currentTarget.value)}
            />
          ) : (
            <Radio.Group key={name} {...{ label, required }} value={given[name] ?? ''} onChange={set(name)}>
              <Options isRating={type === 'rating'} options={options} />
            </Radio.Group>
          ),
        )}
        <Group gap="sm">
          <Button type="submit" loading={answer.isPending} disabled={isEmpty || isMissing}>
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

function Options({ isRating, options }: { isRating: boolean; options: readonly string[] }) {
  if (!isRating)
    return (
      <Stack gap={8} mt={6}>
        {options.map((option) => (
          <Radio key={option} value={option} label={option} />
        ))}
      </Stack>
    );
  return (
    <Group gap="md" mt={6}>
      {options.map((option, index) => (
        <Radio
          key={option}
          value={option}
          label={index === 0 ? `${option}, badly` : index === options.length - 1 ? `${option}, well` : option}
        />
      ))}
    </Group>
  );
}
