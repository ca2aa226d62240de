import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** A certificate for some hosts that nobody trusts but who is told to, with its key; the files are in `folder`. */
export function makeCertificate(
	folder: string,
	hosts: readonly string[]
): {readonly key: string; readonly cert: string; readonly file: string} {
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	execFileSync(
		'openssl',
		[
			...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
			...['-subj', '/CN=of a test', '-addext', `subjectAltName=${hosts.map(host => `DNS:${host}`).join(',')}`],
			...['-keyout', key, '-out', cert]
		],
		{stdio: 'ignore'}
	);
	return {key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert};
}
