export { agentCommand } from './agent-command.ts';
export { keepAgent, runAgent } from './run-agent.ts';
