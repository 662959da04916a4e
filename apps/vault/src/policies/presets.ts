import { asciiSymbols, defaultPolicy, type PasswordPolicy } from './model.ts';

/** Rules to begin with, by what the system takes. */
export const presets: readonly { readonly id: string; readonly title: string; readonly rules: PasswordPolicy }[] = [
  {
    id: 'safe',
    title: 'Every system: symbols that no shell, script or connection string trips over',
    rules: defaultPolicy,
  },
  {
    id: 'all',
    title: 'All printable characters',
    rules: {
      ...defaultPolicy,
      ...{ symbols: asciiSymbols, first: ['lower', 'upper', 'digits', 'symbols'] },
      last: ['lower', 'upper', 'digits', 'symbols'],
    },
  },
  {
    id: 'active-directory',
    title: 'Active Directory: all classes, quotes and backslash left out',
    rules: { ...defaultPolicy, length: 32, symbols: asciiSymbols, excluded: '"\'\\`' },
  },
  {
    id: 'letters-and-digits',
    title: 'Letters and digits alone',
    rules: { ...defaultPolicy, length: 28, least: { lower: 1, upper: 1, digits: 1, symbols: null } },
  },
  {
    id: 'readable',
    title: 'To be typed from paper: without characters that look alike',
    rules: { ...defaultPolicy, excluded: '0O1lI5S2Z8B|', symbols: '+-=?' },
  },
  {
    id: 'host',
    title: 'Mainframes: eight capital letters, digits, @ # $, a letter first',
    rules: {
      ...defaultPolicy,
      ...{ length: 8, least: { lower: null, upper: 1, digits: 1, symbols: 0 }, symbols: '@#$' },
      ...{ first: ['upper'], last: ['upper', 'digits', 'symbols'] },
    },
  },
];
