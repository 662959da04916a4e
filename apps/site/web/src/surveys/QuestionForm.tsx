import type { FormErrors } from '@gatehouse/ui';
import { ActionIcon, Fieldset, Group, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { questionTypes, type SurveyQuestion } from '../../../src/api/surveys.ts';

export interface Asked {
  readonly key: string;
  readonly question: SurveyQuestion;
}

interface QuestionFormProps {
  question: SurveyQuestion;
  index: number;
  /** How many there are. */
  count: number;
  /** Of the whole survey. */
  errors: FormErrors;
  onChange(question: SurveyQuestion): void;
  onMove(by: -1 | 1): void;
  onRemove(): void;
}

const types: Readonly<Record<SurveyQuestion['type'], string>> = {
  text: 'Text, in their own words',
  choice: 'Choice between answers',
  rating: 'Rating from 1 to 5',
};

/** One question of a survey, with its place. */
export function QuestionForm({ question, index, count, errors, onChange, onMove, onRemove }: QuestionFormProps) {
  const set = (change: Partial<SurveyQuestion>) => onChange({ ...question, ...change });
  const errorOf = (field: keyof SurveyQuestion) => {
    const path = `questions.${index}.${field}`;
    return errors[path] ?? Object.entries(errors).find(([one]) => one.startsWith(`${path}.`))?.[1];
  };
  const called = `question ${index + 1}`;
  return (
    <Fieldset legend={`Question ${index + 1}`}>
      <Stack gap="sm">
        <TextInput
          label="Question"
          description="As it is asked."
          required
          maxLength={300}
          value={question.label}
          error={errorOf('label')}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <Group align="flex-start" gap="md" grow preventGrowOverflow={false} wrap="wrap">
          <Select
            label="Answer"
            description="How it is answered."
            data={questionTypes.map((value) => ({ value, label: types[value] }))}
            allowDeselect={false}
            value={question.type}
            error={errorOf('type')}
            onChange={(value) => {
              const type = questionTypes.find((one) => one === value) ?? 'text';
              set({ type, options: type === 'choice' ? question.options : [] });
            }}
          />
          <TextInput
            label="Name"
            description="For programs and reports. Empty: made from the question."
            maxLength={64}
            spellCheck={false}
            value={question.name}
            error={errorOf('name')}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </Group>
        {question.type === 'choice' ? (
          <TagsInput
            label="Answers to choose from"
            description="Two or more, in this order."
            placeholder="Type and press Enter"
            acceptValueOnBlur
            maxTags={20}
            value={[...question.options]}
            error={errorOf('options')}
            onChange={(options) => set({ options })}
          />
        ) : null}
        <Group justify="space-between">
          <Switch
            label="Required"
            description="Whoever answers at all must answer it."
            checked={question.required}
            onChange={(event) => set({ required: event.currentTarget.checked })}
          />
          <Group gap={6}>
            <ActionIcon
              variant="default"
              aria-label={`Move ${called} up`}
              disabled={index === 0}
              onClick={() => onMove(-1)}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="default"
              aria-label={`Move ${called} down`}
              disabled={index === count - 1}
              onClick={() => onMove(1)}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon variant="default" aria-label={`Remove ${called}`} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
      </Stack>
    </Fieldset>
  );
}
