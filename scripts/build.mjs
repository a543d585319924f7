// `npm run build`: builds whatever is out of date, including the dashboard. `--force` builds everything, `--no-dashboard` leaves it out.
import { bootstrap, fail } from './bootstrap.mjs';

const wants = new Set(process.argv.slice(2));
try {
  await bootstrap({ dashboard: !wants.has('--no-dashboard'), force: wants.has('--force') });
} catch (error) {
  fail(`hive: the build failed. ${error.message}`);
}
