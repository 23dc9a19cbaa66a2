/**
 * Domains that are no public suffix themselves but have some below: `*.amazonaws.com` covers
 * `anybody.s3.amazonaws.com`. A test compares this with the list in `tldts`.
 */

/** Providers whose customers' names stand below at several depths, by region and by service. */
export const HOSTED_BELOW_AT_ANY_DEPTH: ReadonlySet<string> = new Set(words(`
  amazonaws.com amazonaws.com.cn amazoncognito.com amazonwebservices.com.cn amazonwebservices.eu on.aws
  sagemaker.aws sagemaker.com.cn windows.net usgovcloudapi.net ncloudstorage.com fin-ncloudstorage.com
  gov-ncloudstorage.com ncpstorage.com scw.cloud
`));

/** The list's own ones, and others that hand out names without being in it (the last paragraph). */
export const HOSTED_BELOW: ReadonlySet<string> = new Set(words(`
  addr.tools ae.flow.ch amba.host aruba.jenv-aruba.cloud aseinet.ne.jp atlassian-dev.net axarnet.cloud beebyte.io
  beebyteapp.io brendly.ba brendly.hr brendly.rs bubble.io canva.site canvasite.cn cdn77-secure.org cdn77.net
  cdn77.org cldmail.ru clever-cloud.com cloud.muni.cz cloudflareanycast.net cloudflarecn.net cloudflareglobal.net
  cloudlets.com.au cloudplatform.fi cloudscale.ch code-builder-stg.platform.salesforce.com code.com
  contentproxy9.cz cosidns.de crm.dev cs.amazonlightsail.com dappnode.io databricksapps.com databricksapps.us
  datadetect.com dev.thingdust.io disrec.thingdust.io dogado.eu elastx.net emergentagent.com emf.camp
  encoway.cloud enscaled.us eur.aruba.jenv-aruba.cloud evennode.com evervault.app evervault.dev fastly.net
  fbsbx.com fedoraproject.org flow.ch forgerock.io funkfeuer.at grok.bot her.name his.name hooc.me
  hosted-by-previder.com hosteur.com hrsn.net hs-heilbronn.de ik-server.com interhostsolutions.be
  isk01.sakurastorage.jp isk02.sakurastorage.jp it.hs-heilbronn.de jelastic.cloud jelastic.com
  jelastic.vps-host.net jenv-aruba.cloud k2.cloud kuleuven.be lair.io layershift.co.uk linode.com
  linodeusercontent.com localcert.dev lpg.cloudscale.ch massivegrid.com massivegrid.net metacentrum.cz muni.cz
  mynetname.net mythic-beasts.com nabu.casa ncloud.com neen.it nftstorage.link noc.ruhr-uni-bochum.de nodeart.io
  nospamproxy.com objectstorage.ch objectstorage.ncloud.com observableusercontent.com onstackit.cloud
  origin.cdn77-secure.org ortsinfo.at os.fedoraproject.org os.stg.fedoraproject.org ovh.net paas.massivegrid.net
  party.eus platform.salesforce.com platform.sh ply.gg prgmr.com prod.atlassian-dev.net prod.fastly.net
  prod.thingdust.io project-study.com quickconnect.cn quickconnect.to railway.app rb-hosting.io rdpa.co
  reclaim.cloud render.com repost.aws resinstaging.io retrosnub.co.uk rit.edu rma.cloudscale.ch ru-msk.k2.cloud
  ru-spb.k2.cloud sakurastorage.jp salesforce.com saveincloud.net scaleforce.com.cy scaleforce.net scrypted.io
  spawn.cc speedpartner.de srcf.net ssl.fastly.net stg.fedoraproject.org storacha.link storage.dev storageapi.dev
  tawk.email tawkto.email tb-hosting.com teckids.org test.code-builder-stg.platform.salesforce.com
  testing.thingdust.io thingdust.io transip.me trendhosting.cloud typeform.com w3s.link wafaicloud.com webaccel.jp
  wiardweb.com

  aws-cloud9.us-east-1.amazonaws.com bedrock-agentcore.us-east-1.amazonaws.com cloud9.us-east-1.amazonaws.com
  dualstack.us-east-1.amazonaws.com

  aliyuncs.com atlassian.net azure.com azure.net azurecr.io backblazeb2.com cloudflarestorage.com firebaseio.com
  gcr.io nip.io okta.com oraclecloud.com pkg.dev r2.cloudflarestorage.com service-now.com sharepoint.com sslip.io storage.googleapis.com
  vault.azure.net zendesk.com
`));

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
