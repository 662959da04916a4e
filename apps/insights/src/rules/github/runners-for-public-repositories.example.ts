import { example } from '../testing/example.ts';

const group = (allowsPublicRepositories: boolean | null) =>
  ({
    type: 'runner_group',
    name: 'Default',
    status: 'enabled',
    attributes: { allowsPublicRepositories, visibility: 'all' },
  }) as const;

export default example({
  found: ({ github }) => [github.resource('1', group(true))],
  clear: ({ github }) => {
    github.resource('1', group(false));
  },
  unknown: ({ github }) => {
    github.resource('1', group(null));
  },
});
