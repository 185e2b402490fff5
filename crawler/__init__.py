"""The crawler: follows press offices and outlets politely and stores their pages. The only room that knows HTTP and Scrapy."""
