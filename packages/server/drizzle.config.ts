import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate` writes the next migration of src/store/schema.ts and those of its rooms, as they were built, into drizzle/. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./dist/store/schema.js', './dist/store/team/schema.js', './dist/store/people/schema.js'],
  out: './drizzle',
});
