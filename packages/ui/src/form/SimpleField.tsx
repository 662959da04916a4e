import {
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { amountWords, wordsOf } from '../format.ts';
import { MarkdownLite } from '../MarkdownLite.tsx';
import type { FieldProps } from './SchemaForm.tsx';

/** Every field that is not a secret and not a choice between alternatives. */
export function SimpleField({ name, schema, value, required, disabled, error, onChange }: FieldProps) {
  const plain = {
    name,
    label: schema.title ?? wordsOf(name),
    description: schema.description === undefined ? undefined : <MarkdownLite text={schema.description} />,
    error,
    disabled,
  };
  if (schema.type === 'boolean')
    return <Switch {...plain} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  const common = { ...plain, required, withAsterisk: required };
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(entered) => onChange(entered === '' ? undefined : entered)}
        allowDecimal={schema.type === 'number'}
        {...(schema.minimum === undefined ? {} : { min: schema.minimum })}
        {...(schema.maximum === undefined || schema.maximum > 9e15 ? {} : { max: schema.maximum })}
        styles={{ wrapper: { maxWidth: 180 } }}
        inputContainer={(input) => (
          <Group gap="sm">
            {input}
            <Text span size="sm" c="dimmed">
              {amountWords(value, schema.format)}
            </Text>
          </Group>
        )}
      />
    );
  if (schema.enum !== undefined)
    return (
      <Select
        {...common}
        data={schema.enum.map((one) => ({ value: String(one), label: wordsOf(String(one)) }))}
        value={value === undefined ? null : String(value)}
        onChange={(chosen) => onChange(chosen ?? undefined)}
        allowDeselect={!required}
      />
    );
  if (schema.type === 'array' && schema.items?.enum !== undefined)
    return (
      <Checkbox.Group {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange}>
        <Stack gap={8} mt={8}>
          {schema.items.enum.map((one) => (
            <Checkbox key={one} value={String(one)} label={wordsOf(String(one))} disabled={disabled} />
          ))}
        </Stack>
      </Checkbox.Group>
    );
  if (schema.type === 'array')
    return (
      <TagsInput
        {...common}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={onChange}
        placeholder="Type and press Enter"
        acceptValueOnBlur
      />
    );
  const text = typeof value === 'string' ? value : '';
  if (schema.format === 'textarea')
    return (
      <Textarea
        {...common}
        value={text}
        autosize
        minRows={3}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type={schema.format === 'email' ? 'email' : 'text'}
      inputMode={schema.format === 'uri' ? 'url' : undefined}
      value={text}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
