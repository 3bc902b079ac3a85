import { builtCli, builtModules } from './built.ts';

/** Before the slow tests run: several of them run what is published, and they run side by side. */
export default function setup(): void {
  builtCli();
  builtModules();
}
