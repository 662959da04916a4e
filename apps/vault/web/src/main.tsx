import '@gatehouse/ui/styles.css';
import { type Program, ProgramContext, takeLinks, UiProvider } from '@gatehouse/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient, useApi, useRefresh } from './api/client.ts';
import { makeRouter } from './router.tsx';

const router = makeRouter();
const program: Program = {
  name: 'Vault',
  ...{ useApi, useRefresh },
  go: (path, { replace } = {}) => (replace ? router.history.replace(path) : router.history.push(path)),
  forget: () => queryClient.clear(),
};
takeLinks(program.go);

const root = document.getElementById('root');
if (root !== null)
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
