import { Notice, send, toast, toProblem, useApi, useRefresh } from '@gatehouse/ui';
import { Anchor, Button, Group, List, Modal, Stack, Stepper, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import { PickField, PickMany } from '../parts/PickField.tsx';
import { identityTitles } from '../parts/words.ts';
import { AddIdentity } from './IdentitiesPage.tsx';

interface CreateMappingProps {
  opened: boolean;
  onClose(): void;
  /** Who may act, where the page is about it. */
  identityId?: string;
}

/** Choose or add the identity, choose identities or roles, verify. */
export function CreateMapping({ opened, onClose, identityId }: CreateMappingProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create mapping" size="lg">
      <Steps onClose={onClose} {...(identityId === undefined ? {} : { identityId })} />
    </Modal>
  );
}

function Steps({ onClose, identityId }: Omit<CreateMappingProps, 'opened'>) {
  const [step, setStep] = useState(identityId === undefined ? 0 : 1);
  const [who, setWho] = useState<string | null>(identityId ?? null);
  const [targets, setTargets] = useState<readonly string[]>([]);
  const [isAdding, setAdding] = useState(false);
  const refresh = useRefresh();
  const create = useMutation({
    mutationFn: async () => {
      for (const target of targets) await send('PUT', `/api/impersonations/${who ?? ''}/${target}`);
    },
    onSuccess: () => {
      toast.done('Mapping created.');
      onClose();
    },
    // What was made before one was refused is there.
    onSettled: () => void refresh('/api/impersonations'),
  });
  const problem = create.error === null ? null : toProblem(create.error);
  const isReady = [who !== null, targets.length > 0, true][step] ?? false;
  return (
    <Stack gap="md">
      <Stepper active={step} size="sm" onStepClick={setStep} allowNextStepsSelect={false}>
        <Stepper.Step label="Identity">
          <Stack gap="sm" mt="sm">
            <PickField
              of="identities"
              label="Who may act in another’s name"
              description="The identity that a program signs in with, such as svc-ecm."
              value={who}
              onChange={setWho}
            />
            <Anchor component="button" type="button" size="sm" onClick={() => setAdding(true)}>
              Add an identity
            </Anchor>
          </Stack>
        </Stepper.Step>
        <Stepper.Step label="In whose name">
          <PickMany
            of="identities"
            label="Identities and roles"
            description="A role stands for everybody who has it."
            value={targets}
            onChange={setTargets}
          />
        </Stepper.Step>
        <Stepper.Step label="Verify">
          <Stack gap="xs">
            <Text size="sm">
              <NameOf id={who ?? ''} /> may act in the name of:
            </Text>
            <List size="sm">
              {targets.map((id) => (
                <List.Item key={id}>
                  <NameOf id={id} />
                </List.Item>
              ))}
            </List>
          </Stack>
        </Stepper.Step>
      </Stepper>
      {problem === null ? null : (
        <Notice tone="critical" title={problem.title} isUrgent>
          {[problem.detail, ...Object.values(problem.fields)].filter(Boolean).join(' ')}
        </Notice>
      )}
      <Group justify="flex-end">
        {step > 0 ? (
          <Button variant="default" onClick={() => setStep(step - 1)}>
            Back
          </Button>
        ) : null}
        <Button
          disabled={!isReady}
          loading={create.isPending}
          onClick={() => (step < 2 ? setStep(step + 1) : create.mutate())}
        >
          {step < 2 ? 'Next' : 'Create mapping'}
        </Button>
      </Group>
      <AddIdentity opened={isAdding} onClose={() => setAdding(false)} onAdded={(made) => setWho(made.identityId)} />
    </Stack>
  );
}

function NameOf({ id }: { id: string }) {
  const { data } = useApi(paths.identity(id), { enabled: id !== '' });
  return <b>{data === undefined ? '…' : `${data.name} (${identityTitles[data.kind].toLowerCase()})`}</b>;
}
