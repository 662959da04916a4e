import { example } from '../testing/example.ts';
import type { Place } from '../testing/world.ts';

const branch = (github: Place, id: string, settings: object, repository: object = {}) => {
  github.resource(id, {
    type: 'repository',
    name: `acme/${id}`,
    status: 'enabled',
    attributes: { visibility: 'private' },
    ...repository,
  });
  return github.policy(`branch:${id}`, {
    type: 'branch_protection',
    name: `acme/${id}: main`,
    targets: [id],
    settings: { branch: 'main', ...settings },
  });
};

export default example({
  found: ({ github }) => [branch(github, '1', { protected: true, pullRequestRequired: true, requiredApprovals: 0 })],
  clear: ({ github }) => {
    branch(github, '1', { protected: true, pullRequestRequired: true, requiredApprovals: 1 });
    branch(
      github,
      'archived',
      { protected: true, pullRequestRequired: true, requiredApprovals: 0 },
      { status: 'disabled' },
    );
    branch(
      github,
      'empty',
      { protected: true, pullRequestRequired: true, requiredApprovals: 0 },
      { attributes: { isEmpty: true } },
    );
  },
  unknown: ({ github }) => {
    branch(github, '1', { protected: true, pullRequestRequired: null, requiredApprovals: null });
  },
});
