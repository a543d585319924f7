import type { Refusal } from '../live/refusal';
import { Notice } from '../ui/notice';
import { ApiUnavailable } from './api-unavailable';
import { SignIn } from './sign-in';
import { TokenForm } from './token-form';

export interface GateProps {
  refusal: Refusal;
  /** Where the API was asked. */
  apiUrl: string;
  /** Where this browser asks it. */
  browserApiUrl: string;
  /** A token was sent. */
  hasToken: boolean;
}

/** Stands where a page would be as long as the API shows nothing: asks to sign in or for the token, or says what is the matter. */
export function Gate({ refusal, apiUrl, browserApiUrl, hasToken }: GateProps) {
  const { code, message, hint } = refusal;
  if (code === 'unauthorized' && refusal.signIn) return <SignIn apiUrl={browserApiUrl} />;
  if (code === 'unauthorized') return <TokenForm wrong={hasToken} />;
  if (code === 'forbidden_host' || code === 'forbidden_origin') {
    return (
      <Notice title="The API refuses this dashboard">
        <p>
          At <code className="font-mono text-ink">{apiUrl}</code> it says: {message}.
        </p>
        {hint === null ? null : <p>To fix it: {hint}.</p>}
      </Notice>
    );
  }
  return <ApiUnavailable apiUrl={apiUrl} reason={hint === null ? message : `${message}; ${hint}`} />;
}
