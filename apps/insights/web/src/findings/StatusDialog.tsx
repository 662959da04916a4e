import { count, Notice, send, toast, toProblem, usePerson, useRefresh } from '@gatehouse/ui';
import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { paths } from '../api/paths.ts';
import type { FindingChange } from '../api/types.ts';

interface StatusDialogProps {
  tenantId: string;
  findingIds: readonly string[];
  opened: boolean;
  /** What is chosen when it opens. */
  status?: FindingChange['status'];
  onClose(): void;
  onDone?(): void;
}

/** Changes the status of one finding or many. Accepting a risk needs somebody who owns it, a reason and an end. */
export function StatusDialog(props: StatusDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`Change the status of ${count(props.findingIds.length, 'finding')}`}
      size="md"
    >
      <StatusForm {...props} />
    </Modal>
  );
}

const choices = [
  { value: 'new', label: 'New', description: 'Nobody works on it.' },
  { value: 'in_progress', label: 'In progress', description: 'Somebody is on it.' },
  { value: 'accepted', label: 'Accepted', description: 'The risk is taken on purpose, for a reason and for a time.' },
] as const;
type Choice = (typeof choices)[number]['value'];

function StatusForm({ tenantId, findingIds, status = 'in_progress', onClose, onDone }: StatusDialogProps) {
  const [chosen, setChosen] = useState<Choice>(status);
  const { name } = usePerson();
  const refresh = useRefresh();
  const change = useMutation({
    mutationFn: (body: FindingChange) => send('PATCH', paths.findings(tenantId), body),
    onSuccess: () => {
      void refresh(paths.tenant(tenantId));
      toast.done(`${count(findingIds.length, 'finding')} changed.`);
      onDone?.();
      onClose();
    },
  });
  const problem = change.error === null ? null : toProblem(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? '').trim();
    const ids = [...findingIds];
    if (chosen === 'accepted')
      change.mutate({
        status: chosen,
        findingIds: ids,
        owner: text('owner'),
        reason: text('reason'),
        expiresAt: new Date(`${text('expiresAt')}T23:59:59Z`).toISOString(),
      });
    else
      change.mutate({
        status: chosen,
        findingIds: ids,
        ...(text('comment') === '' ? {} : { comment: text('comment') }),
      });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group label="Status" value={chosen} onChange={(value) => setChosen(value as Choice)}>
          <Stack gap={8} mt={8}>
            {choices.map((choice) => (
              <Radio key={choice.value} {...choice} />
            ))}
          </Stack>
        </Radio.Group>
        {chosen === 'accepted' ? (
          <>
            <TextInput
              name="owner"
              label="Owner"
              description="Who owns this risk."
              required
              maxLength={200}
              defaultValue={name}
              error={problem?.fields.owner}
            />
            <Textarea
              name="reason"
              label="Reason"
              description="Why it is accepted: what makes it bearable, or why it cannot be changed."
              required
              maxLength={2000}
              autosize
              minRows={2}
              error={problem?.fields.reason}
            />
            <TextInput
              name="expiresAt"
              type="date"
              label="Until"
              description="Afterwards the finding is open again."
              required
              min={dayFromNow(1)}
              defaultValue={dayFromNow(90)}
              error={problem?.fields.expiresAt}
            />
          </>
        ) : (
          <Textarea
            name="comment"
            label="Comment"
            maxLength={2000}
            autosize
            minRows={2}
            error={problem?.fields.comment}
          />
        )}
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            {chosen === 'accepted' ? 'Accept the risk' : 'Change status'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
