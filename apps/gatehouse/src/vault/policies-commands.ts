import { type ApiCommand, body, must } from '../command.ts';

/** Commands about password policies. */
export const policiesCommands: readonly ApiCommand[] = [
  {
    name: 'policies list',
    does: 'how passwords are made',
    method: 'GET',
    path: '/api/policies',
    paged: true,
    columns: ['policyId', 'name', 'rules.length', 'bits', 'credentials'],
    examples: ['gatehouse vault policies list'],
  },
  {
    name: 'policies presets',
    does: 'rules to begin with',
    method: 'GET',
    path: '/api/policies/presets',
    columns: ['id', 'title', 'bits'],
    examples: ['gatehouse vault policies presets --json'],
  },
  {
    name: 'policies add',
    does: 'a policy',
    method: 'POST',
    path: '/api/policies',
    options: [
      must(body('--name <name>', 'name', 'its name')),
      must(body('--rules <file>', 'rules', 'a JSON file with its rules; presets --json shows some', 'json')),
    ],
    examples: ['gatehouse vault policies add --name Servers --rules rules.json'],
  },
  {
    name: 'policies change',
    does: 'a policy',
    method: 'PUT',
    path: '/api/policies/:policyId',
    options: [
      must(body('--name <name>', 'name', 'its name')),
      must(body('--rules <file>', 'rules', 'a JSON file with its rules', 'json')),
    ],
    examples: ['gatehouse vault policies change <policyId> --name Servers --rules rules.json'],
  },
  {
    name: 'policies delete',
    does: 'a policy that nothing has',
    method: 'DELETE',
    path: '/api/policies/:policyId',
    examples: ['gatehouse vault policies delete <policyId>'],
  },
];
