import { z } from 'zod';

const Text = z.string().max(200_000);
const When = z.iso.datetime();

const Person = z.object({
  gsnumber: z.string().max(40),
  name: Text,
  username: Text,
  company: Text,
  issue: Text,
  hostname: Text,
  system: Text,
  address: Text,
  isPrimary: z.boolean(),
  /** How long a representative was in it; null: it is not known. */
  seconds: z.number().nullable(),
});

/** A session as its site reports it, in the form in which the desk keeps it: free of what only one site has. */
export const SessionReport = z.object({
  lsid: Text,
  externalKey: Text,
  beganAt: When.nullable(),
  endedAt: When.nullable(),
  customers: z.array(Person).max(1_000),
  representatives: z.array(Person).max(1_000),
  events: z
    .array(
      z.object({
        at: When,
        type: Text,
        /** Names; empty: the site itself. */
        by: Text,
        body: Text,
        /** Said among representatives: customers did not see it. */
        isPrivate: z.boolean().default(false),
        file: z.object({ name: Text, bytes: z.number().nullable() }).nullable(),
        data: z.array(z.object({ name: Text, value: Text })).max(1_000),
      }),
    )
    .max(20_000),
  system: z.array(z.object({ name: Text, rows: z.array(z.object({ name: Text, value: Text })).max(5_000) })).max(500),
  surveys: z
    .array(
      z.object({
        by: z.enum(['customer', 'representative']),
        name: Text,
        at: When.nullable(),
        answers: z.array(z.object({ name: Text, label: Text, value: Text })).max(200),
      }),
    )
    .max(100),
  /** Of the site, opened by this program only: they carry their own permission. */
  downloads: z.object({
    chat: Text.nullable(),
    recordings: z.array(Text).max(100),
    /** In the order of the events that have a file. */
    files: z.array(Text.nullable()).max(20_000).default([]),
  }),
});
export type SessionReport = z.output<typeof SessionReport>;
