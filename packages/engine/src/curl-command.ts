/** Whether a text is a command line of curl, as browsers copy it. */
export const isCurl = (text: string): boolean => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);
