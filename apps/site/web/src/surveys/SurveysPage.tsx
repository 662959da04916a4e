import {
  EmptyState,
  Loaded,
  Notice,
  Page,
  Section,
  send,
  toast,
  toProblem,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Group, Stack, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Survey, SurveyKind } from '../../../src/api/surveys.ts';
import { paths } from '../api/paths.ts';
import { type Asked, QuestionForm } from './QuestionForm.tsx';

/** Configuration > Surveys: what both sides are asked once a session is over. */
export function SurveysPage() {
  useCrumbs({ title: 'Surveys' });
  return (
    <Page
      title="Surveys"
      lead="What both sides are asked once a session is over. Answers stand with their session, in reports, and in tickets."
    >
      <SurveySection kind="customer" title="Customers" lead="On the page of the customer, for a day after the end." />
      <SurveySection kind="representative" title="Representatives" lead="In the console, to everybody who helped." />
    </Page>
  );
}

interface SectionProps {
  kind: SurveyKind;
  title: string;
  lead: string;
}

function SurveySection({ kind, title, lead }: SectionProps) {
  const survey = useApi(paths.survey(kind));
  return (
    <Section title={title} lead={lead}>
      <Loaded query={survey} rows={3} height={44}>
        {(found) => <SurveyForm key={JSON.stringify(found)} {...{ kind, title }} start={found} />}
      </Loaded>
    </Section>
  );
}

/** Tells questions apart that have no name yet. */
const withKeys = (questions: Survey['questions']): readonly Asked[] =>
  questions.map((question) => ({ key: question.name, question }));

const fresh = { name: '', label: '', type: 'text', options: [], required: false } as const;

function SurveyForm({ kind, title, start }: { kind: SurveyKind; title: string; start: Survey }) {
  const refresh = useRefresh();
  const [enabled, setEnabled] = useState(start.enabled);
  const [asked, setAsked] = useState(() => withKeys(start.questions));
  const [added, setAdded] = useState(0);
  const body = {
    enabled,
    questions: asked.map(({ question: { name, ...rest } }) => (name === '' ? rest : { name, ...rest })),
  };
  const save = useMutation({
    mutationFn: () => send('PUT', paths.survey(kind), body),
    onSuccess: () => {
      void refresh(paths.survey(kind));
      toast.done('Survey saved. It is asked from now on; what was answered stays as it was asked.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const isChanged =
    JSON.stringify({ enabled, questions: asked.map(({ question }) => question) }) !== JSON.stringify(start);
  const put = (index: number, question: Asked['question']) =>
    setAsked(asked.map((one, at) => (at === index ? { ...one, question } : one)));
  const move = (index: number, by: -1 | 1) => {
    const next = [...asked];
    const [one] = next.splice(index, 1);
    if (one !== undefined) next.splice(index + by, 0, one);
    setAsked(next);
  };
  return (
    <form
      aria-label={title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md" maw={860}>
        <Switch
          label="Asked at the end"
          description="Switched off, or without a question, nobody is asked."
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        {asked.length === 0 ? (
          <EmptyState title="Nothing is asked">
            Add a question, or leave it so: then the page only says goodbye.
          </EmptyState>
        ) : (
          asked.map(({ key, question }, index) => (
            <QuestionForm
              key={key}
              {...{ question, index }}
              count={asked.length}
              errors={problem?.fields ?? {}}
              onChange={(changed) => put(index, changed)}
              onMove={(by) => move(index, by)}
              onRemove={() => setAsked(asked.filter((_, at) => at !== index))}
            />
          ))
        )}
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={asked.length >= 20}
            onClick={() => {
              setAdded(added + 1);
              setAsked([...asked, { key: `new ${added}`, question: { ...fresh, options: [] } }]);
            }}
          >
            Add question
          </Button>
        </div>
        {problem === null ? null : (
          <Notice tone="critical" title="The survey was not saved" isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save survey
          </Button>
          <Button
            variant="default"
            disabled={!isChanged}
            onClick={() => {
              setEnabled(start.enabled);
              setAsked(withKeys(start.questions));
              save.reset();
            }}
          >
            Undo changes
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
