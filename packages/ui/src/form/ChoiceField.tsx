import { Input, Radio, Stack } from '@mantine/core';
import { wordsOf } from '../format.ts';
import { MarkdownLite } from '../MarkdownLite.tsx';
import classes from './ChoiceField.module.css';
import { type FieldProps, SchemaForm } from './SchemaForm.tsx';
import { discriminatorOf, type FormErrors, type FormValues, startValues, variantsOf } from './schema.ts';

/** A choice between alternatives that each have settings of their own. */
export function ChoiceField({
  name,
  schema,
  value,
  required,
  disabled,
  error,
  errors,
  onChange,
}: FieldProps & { errors: FormErrors }) {
  const values = (typeof value === 'object' && value !== null ? value : {}) as FormValues;
  const variants = variantsOf(schema).flatMap((variant) => {
    const tell = discriminatorOf(variant);
    return tell === null ? [] : [{ variant, tell }];
  });
  const chosen = variants.find(({ tell }) => values[tell.name] === tell.value);
  return (
    <Stack gap="sm">
      <Radio.Group
        name={name}
        label={schema.title ?? wordsOf(name)}
        description={schema.description === undefined ? undefined : <MarkdownLite text={schema.description} />}
        required={required}
        error={error}
        value={chosen?.tell.value ?? null}
        onChange={(next) => {
          const found = variants.find(({ tell }) => tell.value === next);
          if (found) onChange({ ...startValues(found.variant), [found.tell.name]: found.tell.value });
        }}
      >
        <Stack gap={8} mt={8}>
          {variants.map(({ variant, tell }) => (
            <Radio
              key={tell.value}
              value={tell.value}
              disabled={disabled}
              label={variant.title ?? wordsOf(tell.value)}
              description={variant.description}
            />
          ))}
        </Stack>
      </Radio.Group>
      {chosen === undefined ? null : (
        <div className={classes.inside}>
          <SchemaForm
            schema={chosen.variant}
            values={values}
            onChange={onChange}
            errors={errors}
            disabled={disabled}
            path={`${name}.`}
          />
        </div>
      )}
      {variants.length === 0 ? <Input.Error>This setting cannot be shown here.</Input.Error> : null}
    </Stack>
  );
}
