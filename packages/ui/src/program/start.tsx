import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { UiProvider } from '../UiProvider.tsx';
import { makeQueryClient } from './client.ts';
import { takeLinks } from './links.ts';
import { type Program, ProgramContext } from './program.ts';
import { makeRouter, type ProgramPages } from './router.tsx';

export interface ProgramParts extends ProgramPages {
  readonly name: Program['name'];
  readonly home: Program['home'];
}

/** Shows the pages of a program: what each `main.tsx` calls. */
export const startProgram = ({ name, home, ...pages }: ProgramParts): void => {
  const queryClient = makeQueryClient();
  const router = makeRouter(pages);
  const program: Program = {
    ...{ name, home },
    go: (path, { replace } = {}) => (replace ? router.history.replace(path) : router.history.push(path)),
    forget: () => queryClient.clear(),
  };
  takeLinks(program.go);
  const root = document.getElementById('root');
  if (root === null) return;
  createRoot(root).render(
    <StrictMode>
      <UiProvider>
        <QueryClientProvider client={queryClient}>
          <ProgramContext value={program}>
            <RouterProvider router={router} />
          </ProgramContext>
        </QueryClientProvider>
      </UiProvider>
    </StrictMode>,
  );
};
