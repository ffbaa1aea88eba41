<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;

/**
 * The built-in full page cache, of the cache type `full_page`. It says in a header what it did.
 */
class PageCache
{
    private const DEBUG_HEADER = 'X-Magento-Cache-Debug';

    public function __construct(private readonly TypePool $cache)
    {
    }

    public function load(Request $request): ?Response
    {
        $isGet = $request->getMethod() === 'GET';
        $page = $isGet ? $this->cache->load(TypeList::FULL_PAGE, $this->getId($request)) : null;
        if ($page === null) {
            return null;
        }
        $response = new Response($page['status'], $page['body'], $page['headers'], true);

        return $response->withHeader(self::DEBUG_HEADER, 'HIT');
    }

    public function save(Request $request, Response $response): Response
    {
        if (!$response->isCacheable || $request->getMethod() !== 'GET') {
            return $response;
        }
        $page = ['status' => $response->status, 'body' => $response->body, 'headers' => $response->headers];
        $this->cache->save(TypeList::FULL_PAGE, $this->getId($request), $page);

        return $response->withHeader(self::DEBUG_HEADER, 'MISS');
    }

    public function clean(): void
    {
        $this->cache->clean(TypeList::FULL_PAGE);
    }

    private function getId(Request $request): string
    {
        return hash('sha256', implode('|', [$request->isSecure(), $request->getHost(), $request->getUri()]));
    }
}
