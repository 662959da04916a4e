import { type FormErrors, type FormValues, Notice, send, toast, toProblem, useRefresh } from '@gatehouse/ui';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { entriesOf, errorOf, Field, type FieldSpec } from './Field.tsx';

export interface FormProps<T> {
  fields: readonly FieldSpec[];
  start?: FormValues;
  /** Where and how; a PATCH sends only what was changed. */
  method: 'POST' | 'PUT' | 'PATCH';
  path: string;
  /** The verb on the button: "Add system". */
  action: string;
  /** Told when it worked. */
  done?: string;
  refresh: readonly string[];
  /** Makes the body of what was entered. */
  toBody?(entered: FormValues): FormValues;
  /** Fields of its own between the others and the buttons. */
  more?(values: FormValues, set: (change: FormValues) => void, errors: FormErrors): ReactNode;
  onDone?(answer: T): unknown;
  onCancel?(): void;
}

/** Fields, what the server says about each of them, and one button. */
export function Form<T = unknown>(props: FormProps<T>) {
  const { fields, start = {}, method, path, action, done, refresh, more, onDone, onCancel } = props;
  const [before] = useState(start);
  const [values, setValues] = useState<FormValues>(start);
  const [missing, setMissing] = useState<FormErrors>({});
  const again = useRefresh();
  const save = useMutation({
    mutationFn: (body: FormValues) => send<T>(method, path, body),
    onSuccess: (answer) => {
      for (const prefix of refresh) void again(prefix);
      if (done !== undefined) toast.done(done);
      onDone?.(answer);
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors = { ...problem?.fields, ...missing };
  const set = (change: FormValues) => setValues((now) => ({ ...now, ...change }));
  const submit = () => {
    const empty = fields.filter(({ name, required }) => required && isEmpty(values[name]));
    setMissing(Object.fromEntries(empty.map(({ name, title }) => [name, `“${title}” is needed.`])));
    if (empty.length > 0) return;
    const entered = settled(fields, values);
    const body = method === 'PATCH' ? changes(settled(fields, before), entered) : given(entered);
    save.mutate(props.toBody ? props.toBody(body) : body);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md" maw={760}>
        {fields.map((field) => (
          <Field key={field.name} field={field} values={values} errors={errors} set={set} />
        ))}
        {more?.(values, set, errors)}
        {problem === null || fields.some(({ name }) => errorOf(problem.fields, name) !== undefined) ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {[problem.detail, ...Object.values(problem.fields)].filter((words) => words !== '').join(' ')}
          </Notice>
        )}
        <Group justify={onCancel === undefined ? 'flex-start' : 'flex-end'}>
          {onCancel === undefined ? null : (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface FormDialogProps<T> extends FormProps<T> {
  opened: boolean;
  title: string;
  onClose(): void;
}

/** A form in a dialog, which closes when it worked. */
export function FormDialog<T = unknown>({ opened, title, onClose, onDone, ...form }: FormDialogProps<T>) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg">
      <Form<T>
        {...form}
        onCancel={onClose}
        onDone={(answer) => {
          onClose();
          onDone?.(answer);
        }}
      />
    </Modal>
  );
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

const settled = (fields: readonly FieldSpec[], values: FormValues): FormValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isLines = fields.some((field) => field.name === name && field.kind === 'lines');
      return [name, isLines && Array.isArray(value) ? entriesOf(value.map(String)) : value];
    }),
  );

/** Without what was left empty, so that it gets what new ones have. */
const given = (values: FormValues): FormValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));

const changes = (before: FormValues, after: FormValues): FormValues =>
  Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
      .filter(([name, value]) => !(isEmpty(value) && isEmpty(before[name])))
      // What had no value before may have none again.
      .map(([name, value]) => [name, value === '' && typeof before[name] !== 'string' ? null : value]),
  );
