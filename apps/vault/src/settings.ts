import { given, programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the program. */
export const Settings = z.object({
  ...programSettings('vault'),
  role: given.role,
  /** Where the master key comes from: the file `<home>/vault.master.key`, this variable, or a passphrase. */
  masterKey: given.secret.optional(),
  masterPassphrase: given.secret.optional(),
  /** Lets holders of “view passwords” see one on a page, behind a second factor and a second person. */
  reveal: given.flag.default(false),
});
