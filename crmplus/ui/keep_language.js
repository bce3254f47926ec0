document.cookie = COOKIE + (location.protocol === "https:" ? "; secure" : "");
