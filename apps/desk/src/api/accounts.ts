import { Permission } from '@gatehouse/desks/builtin/api';
import { z } from 'zod';
import { Line, When } from './words.ts';

/** GET /api/accounts (managers) → list(Account); POST AccountInput → 201 NewToken */
export const AccountInput = z.strictObject({
  login: Line(100, 'Enter a login.'),
  permissions: z.array(Permission).min(1, 'Choose at least one permission.').max(20),
});
/** PATCH /api/accounts/:id */
export const AccountChange = z.strictObject({
  permissions: z.array(Permission).min(1, 'Choose at least one permission.').max(20).optional(),
  enabled: z.boolean().optional(),
});
/** It has no field that could hold a token. */
export const Account = z.object({
  id: z.uuid(),
  login: z.string(),
  permissions: z.array(Permission),
  enabled: z.boolean(),
  /** The first characters of its token, to tell tokens apart. */
  tokenBegins: z.string(),
  tokenAt: When,
  lastUsedAt: When.nullable(),
  createdAt: When,
});
/** `token` is shown this once. POST /api/accounts/:id/token makes another, and the former opens nothing. */
export const NewToken = z.object({ account: Account, token: z.string() });
