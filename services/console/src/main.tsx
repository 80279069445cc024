import '@fontsource-variable/inter';
import './styles/tokens.css';
import './styles/mantine.ts';
import './styles/base.css';
import './styles/parts.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.ts';
import { App } from './app.tsx';
import { auth } from './auth/auth.ts';
import { SignInFailed } from './auth/token-auth.ts';
import { Notice } from './parts/notice.tsx';
import { cssVariables, theme } from './theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The live feed says when something changed; this is for what it could not say.
      staleTime: 60_000,
      // What the server refuses it refuses again; what it could not answer it may.
      retry: (failures, error) =>
        failures < 3 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root');
const root = createRoot(element);
const colorSchemeManager = localStorageColorSchemeManager({ key: 'wardline.colours' });

const show = (content: React.ReactNode) =>
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
      >
        <Notifications position="bottom-right" />
        <QueryClientProvider client={client}>{content}</QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );

try {
  await auth.start();
  show(<App />);
} catch (error) {
  show(
    <div className="splash">
      <Notice
        tone="bad"
        title={error instanceof SignInFailed ? 'You are not signed in' : 'Wardline cannot be reached'}
        text={error instanceof Error ? error.message : 'Please try again.'}
        action={{ label: 'Try again', act: () => location.assign('/') }}
      />
    </div>,
  );
}
