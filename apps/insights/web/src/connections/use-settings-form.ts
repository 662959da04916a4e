import {
  type FieldSchema,
  type FormErrors,
  type FormValues,
  missingFields,
  send,
  sentValues,
  startValues,
  toProblem,
} from '@gatehouse/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { AvailableConnector, TestResult } from '../api/types.ts';

/** Errors of `settings.appId` belong to the field `appId`. */
export const settingErrors = (error: unknown): FormErrors =>
  error === null || error === undefined
    ? {}
    : Object.fromEntries(
        Object.entries(toProblem(error).fields).map(([name, words]) => [name.replace(/^settings\./, ''), words]),
      );

interface SettingsForm {
  tenantId: string;
  connector: AvailableConnector;
  /** Of the connection that exists already: its settings, secrets as `{ isSet: true }`. */
  known?: FormValues;
  connectionId?: string;
}

/** The settings of a connection on the screen, and the test of them. */
export const useSettingsForm = ({ tenantId, connector, known, connectionId }: SettingsForm) => {
  // The API publishes plain JSON Schema; the form reads the words it knows and ignores the rest.
  const schema = connector.schema as unknown as FieldSchema;
  const [values, setValues] = useState<FormValues>(() => startValues(schema, known));
  const [missing, setMissing] = useState<FormErrors>({});
  const [tested, setTested] = useState<FormValues | null>(null);
  const test = useMutation({
    mutationFn: (settings: FormValues) =>
      send<TestResult>('POST', `${paths.connections(tenantId)}/test`, {
        connector: connector.id,
        settings: sentValues(settings),
        ...(connectionId === undefined ? {} : { connectionId }),
      }),
  });
  /** Whether everything required is there; what is not is marked. */
  const isComplete = () => {
    const found = missingFields(schema, values);
    setMissing(found);
    return Object.keys(found).length === 0;
  };
  return {
    schema,
    values,
    sent: () => sentValues(values),
    errors: { ...settingErrors(test.error), ...missing },
    change: (next: FormValues) => {
      setValues(next);
      setMissing({});
    },
    isComplete,
    test: {
      isBusy: test.isPending,
      result: test.data,
      error: Object.keys(settingErrors(test.error)).length > 0 ? null : test.error,
      isOutdated: tested !== null && tested !== values,
      onTest: () => {
        if (!isComplete()) return focusFirstError();
        setTested(values);
        test.mutate(values);
      },
    },
  };
};

/** After the next paint, when the fields are marked. */
export const focusFirstError = () =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
