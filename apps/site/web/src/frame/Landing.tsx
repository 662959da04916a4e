import { usePerson } from '@gatehouse/ui';
import { Navigate } from '@tanstack/react-router';

/** Where a person begins: administrators with the site, everybody else with what they may open. */
export function Landing() {
  return <Navigate to={usePerson().systemAdministrator ? '/login' : '/console'} replace />;
}
