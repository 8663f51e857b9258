/** Where blobs lie in Azure, or in Azurite, which stands in for it at home. */
export type AzureContainer =
  /** Reached with an identity that has a role in it; the container is there. */
  | { readonly url: string }
  /** Of an account with a key; the container is made when it is not there. */
  | { readonly connectionString: string; readonly container: string };

/** Azurite's own account. Its key is printed in Azurite's manual: it protects nothing. */
const azurite = {
  account: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Rules of Azure: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const defaultContainer = 'verdict';

/**
 * What a text names: `https://account.blob.core.windows.net/container`, `http://127.0.0.1:10000/devstoreaccount1/container`
 * (Azurite), or a connection string, with `ContainerName=…` or the container `verdict`. Null = none of these. Throws
 * one sentence for what is nearly one.
 */
export function azureContainer(text: string): AzureContainer | null {
  if (/(^|;)\s*(AccountName|UseDevelopmentStorage|BlobEndpoint)=/i.test(text))
    return ofConnectionString(text);
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError('the URL of a container has no user, query or fragment: keys do not belong into it');
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (url.protocol === 'https:') {
    const [container = '', ...more] = segments;
    if (more.length > 0 || !containerName.test(container))
      throw new TypeError('give a container as https://ACCOUNT.blob.core.windows.net/CONTAINER');
    return { url: `${url.origin}/${container}` };
  }
  if (!loopback.has(url.hostname))
    throw new TypeError('http:// is for Azurite on this machine; give https:// for any other');
  const [account = '', container = '', ...more] = segments;
  if (more.length > 0 || account !== azurite.account || !containerName.test(container))
    throw new TypeError(`give Azurite as http://127.0.0.1:10000/${azurite.account}/CONTAINER`);
  const parts = [
    `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${azurite.key}`,
    `BlobEndpoint=${url.origin}/${account}`,
  ];
  return { connectionString: `${parts.join(';')};`, container };
}

function ofConnectionString(text: string): AzureContainer {
  const parts = text.split(';').map((part) => part.trim());
  const named = parts.find((part) => /^ContainerName=/i.test(part));
  const container = named === undefined ? defaultContainer : named.slice('ContainerName='.length);
  if (!containerName.test(container))
    throw new TypeError('ContainerName: 3 to 63 lower-case letters, digits and single dashes');
  return { connectionString: parts.filter((part) => part !== named).join(';'), container };
}
