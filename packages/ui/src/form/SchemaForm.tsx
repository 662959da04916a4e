import { Fieldset, Stack, Text } from '@mantine/core';
import { ChoiceField } from './ChoiceField.tsx';
import { SecretField } from './SecretField.tsx';
import { SimpleField } from './SimpleField.tsx';
import { type FieldSchema, type FormErrors, type FormValues, variantsOf } from './schema.ts';

interface SchemaFormProps {
  /** JSON Schema of an object, as the API publishes it. The form knows nothing else. */
  schema: FieldSchema;
  values: FormValues;
  onChange(values: FormValues): void;
  errors?: FormErrors;
  /** Only these fields, in this order: a step of a wizard. Default: all. */
  only?: readonly string[];
  disabled?: boolean;
  /** The path to this form inside another, for errors: "auth.". */
  path?: string;
}

export function SchemaForm({ schema, values, onChange, errors = {}, only, disabled, path = '' }: SchemaFormProps) {
  const properties = schema.properties ?? {};
  const names = (only ?? Object.keys(properties)).filter((name) => properties[name] !== undefined);
  return (
    <Stack gap="md">
      {names.map((name) => {
        const field = properties[name] ?? {};
        if (field.const !== undefined) return null;
        const common = {
          name: `${path}${name}`,
          schema: field,
          value: values[name],
          required: (schema.required ?? []).includes(name) && field.default === undefined && field.type !== 'boolean',
          disabled: disabled ?? false,
          error: errorOf(errors, `${path}${name}`),
          onChange: (value: unknown) => onChange({ ...values, [name]: value }),
        };
        if (variantsOf(field).length > 0) return <ChoiceField key={name} {...common} errors={errors} />;
        if (field.properties !== undefined)
          return (
            <Fieldset key={name} legend={field.title}>
              {field.description !== undefined && (
                <Text size="sm" c="dimmed" mb="sm">
                  {field.description}
                </Text>
              )}
              <SchemaForm
                schema={field}
                values={(values[name] ?? {}) as FormValues}
                onChange={common.onChange}
                errors={errors}
                disabled={common.disabled}
                path={`${path}${name}.`}
              />
            </Fieldset>
          );
        return field.writeOnly ? <SecretField key={name} {...common} /> : <SimpleField key={name} {...common} />;
      })}
    </Stack>
  );
}

/** What is wrong with a field, or with the first of several things in it. */
const errorOf = (errors: FormErrors, name: string): string | undefined =>
  errors[name] ??
  Object.entries(errors).find(([path]) => /^\.\d+$/.test(path.slice(name.length)) && path.startsWith(name))?.[1];

export interface FieldProps {
  /** Path of the field, for example `appId` or `auth.token`. */
  readonly name: string;
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly required: boolean;
  readonly disabled: boolean;
  readonly error: string | undefined;
  onChange(value: unknown): void;
}
