// Follows the kernel log and says each line of it; `close` as its word: lets go of it after a while, and ends by itself.
import {createLocalReader} from '../../../src/machine/reader.ts';
import {createLocalRunner} from '../../../src/machine/runner.ts';

const following = await createLocalRunner(createLocalReader()).followKernelLog(
	line => console.log(line.text),
	() => {},
	async () => true
);
console.log(following.source === undefined ? following.why : `reading ${following.source}`);
if (process.argv[2] === 'close' && following.source !== undefined) setTimeout(() => following.close(), 500);
else setInterval(() => {}, 1000);
