/** Whether a text is a collection, as far as its beginning says. */
export const isPostman = (head: string): boolean =>
  /^\s*\{/.test(head) && /"schema"\s*:\s*"[^"]*collection|"_postman_id"\s*:/.test(head);
