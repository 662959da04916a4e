import type { CustomRules } from '../api/types.ts';

export const howTitles: Readonly<Record<CustomRules['how'], string>> = {
  commands: 'Commands of a shell',
  dialogue: 'Dialogue on a terminal',
};
export type Commands = Extract<CustomRules, { how: 'commands' }>;
export type Dialogues = Extract<CustomRules, { how: 'dialogue' }>;
export type Dialogue = Dialogues['change'];

/** What a new platform begins with. */
export const beginnings: { readonly commands: Commands; readonly dialogue: Dialogues } = {
  commands: { how: 'commands', verify: null, change: '', refusedCode: 1 },
  dialogue: {
    ...{ how: 'dialogue', verify: null },
    change: {
      steps: [
        { expect: '', send: 'passwd' },
        { expect: 'old password:', send: '{password}' },
        { expect: 'new password:', send: '{next}' },
      ],
      ...{ succeeded: 'password changed', refused: 'not accepted' },
    },
  },
};
