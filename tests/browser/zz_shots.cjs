const { chromium } = require('playwright-core'); const crypto=require('crypto'); const fs=require('fs');
const info=JSON.parse(fs.readFileSync(process.argv[2],'utf8').split('\n')[0]); const url=info.url;
const want=JSON.parse(process.argv[3]);
function totp(secret){const A='ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';let bits='';for(const c of secret)bits+=A.indexOf(c).toString(2).padStart(5,'0');const b=Buffer.from(bits.match(/.{8}/g).map(x=>parseInt(x,2)));const t=Buffer.alloc(8);t.writeBigUInt64BE(BigInt(Math.floor(Date.now()/30000)));const h=crypto.createHmac('sha1',b).update(t).digest();const o=h[19]&15;return String((h.readUInt32BE(o)&0x7fffffff)%1000000).padStart(6,'0');}
(async()=>{const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--disable-background-networking']});
for(const role of Object.keys(want)){const l=info.logins[role];const c=await b.newContext({viewport:{width:want[role].w||1280,height:800},locale:'zh-CN'});const p=await c.newPage();
await p.goto(url+'/login');await p.fill('input[name=login]',l.login);await p.fill('input[name=password]',l.password);await p.click('main button[type=submit], main form button');await p.waitForLoadState();
if(l.totp_secret){const f=p.locator('input[name=code]');if(await f.count()){await f.fill(totp(l.totp_secret));await p.click('main form button');await p.waitForLoadState();}}
for(const path of want[role].pages){let best=1e9,st;for(let i=0;i<3;i++){const t=Date.now();const r=await c.request.get(url+path);st=r.status();const bd=await r.body();best=Math.min(best,Date.now()-t);var len=bd.length}
console.log(role,path,st,best+'ms',len);if(want[role].shot!==false){await p.goto(url+path);await p.screenshot({path:`/tmp/shots_demo/${role}_${path.replace(/[\/?=&]/g,'_')}.png`,fullPage:true});}}
await c.close();}
await b.close();})();
