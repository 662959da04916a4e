import type { FormErrors, FormValues } from '@gatehouse/ui';
import { NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { Query } from '../api/paths.ts';
import { PickField, type PickOf } from './PickField.tsx';

interface Named {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly required?: boolean;
}
/** One field of a form. */
export type FieldSpec = Named &
  (
    | { readonly kind?: 'text' | 'area' | 'secret' | 'switch'; readonly isCode?: boolean }
    /** One value a line, or several lines each where they are certificates. */
    | { readonly kind: 'lines' }
    | { readonly kind: 'number'; readonly least?: number; readonly most?: number; readonly unit?: string }
    | { readonly kind: 'choice'; readonly choices: readonly { readonly value: string; readonly label: string }[] }
    | { readonly kind: 'pick'; readonly of: PickOf; readonly none?: string; readonly only?: Query }
  );

interface FieldProps {
  field: FieldSpec;
  values: FormValues;
  errors: FormErrors;
  set(change: FormValues): void;
}

const code = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

export function Field({ field, values, errors, set }: FieldProps) {
  const { name, title, description, required = false } = field;
  const value = values[name];
  const text = typeof value === 'string' ? value : '';
  const error = errorOf(errors, name);
  const common = { name, label: title, description, error, withAsterisk: required, autoComplete: 'off' };
  const isCode = 'isCode' in field && field.isCode === true;
  switch (field.kind) {
    case 'area':
    case 'lines':
      return (
        <Textarea
          {...common}
          autosize
          minRows={field.kind === 'lines' ? 3 : 2}
          maxRows={14}
          spellCheck={field.kind === 'area' && !isCode}
          value={field.kind === 'lines' ? linesText(value) : text}
          onChange={(event) =>
            set({ [name]: field.kind === 'lines' ? event.currentTarget.value.split('\n') : event.currentTarget.value })
          }
          {...(field.kind === 'lines' || isCode ? { styles: code } : {})}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          value={text}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
        />
      );
    case 'switch':
      return (
        <Switch
          name={name}
          label={title}
          description={description}
          error={error}
          checked={value === true}
          onChange={(event) => set({ [name]: event.currentTarget.checked })}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          maw={220}
          allowDecimal={false}
          value={typeof value === 'number' ? value : ''}
          onChange={(entered) => set({ [name]: entered === '' ? null : Number(entered) })}
          {...(field.least === undefined ? {} : { min: field.least })}
          {...(field.most === undefined ? {} : { max: field.most })}
          {...(field.unit === undefined ? {} : { suffix: ` ${field.unit}` })}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={[...field.choices]}
          allowDeselect={false}
          value={text === '' ? null : text}
          onChange={(chosen) => set({ [name]: chosen })}
        />
      );
    case 'pick':
      return (
        <PickField
          of={field.of}
          label={title}
          description={description}
          required={required}
          error={error}
          none={field.none}
          value={text === '' ? null : text}
          onChange={(chosen) => set({ [name]: chosen })}
          {...(field.only === undefined ? {} : { only: field.only })}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          spellCheck={false}
          value={text}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
          {...(isCode ? { styles: code } : {})}
        />
      );
  }
}

/** The words for a field, or for one of its parts, such as `networks.0`. */
export const errorOf = (errors: FormErrors, name: string): string | undefined =>
  errors[name] ?? Object.entries(errors).find(([field]) => field.startsWith(`${name}.`))?.[1];

const linesText = (value: unknown) => (Array.isArray(value) ? value.join('\n') : '');

/** One text per line; a certificate stays in one piece. */
export const entriesOf = (lines: readonly string[]): string[] => {
  const text = lines.join('\n');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const others = certificates.reduce((rest, one) => rest.replace(one, ''), text);
  return [...others.split('\n').map((line) => line.trim()), ...certificates].filter((one) => one !== '');
};
