<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\ObjectManagerInterface;

/**
 * The storefront: cacheable pages from the page cache, everything else from the action of its route.
 */
class FrontController implements FrontControllerInterface
{
    /**
     * @param array<string, class-string<ActionInterface>> $routes `METHOD /path` => action
     */
    public function __construct(
        private readonly PageCache $pageCache,
        private readonly ObjectManagerInterface $objectManager,
        private readonly array $routes = [],
    ) {
    }

    public function dispatch(Request $request): Response
    {
        $cached = $this->pageCache->load($request);
        if ($cached !== null) {
            return $cached;
        }
        $action = $this->routes[$request->getMethod() . ' /' . $request->getPath()] ?? null;
        if ($action === null) {
            return Response::html(404, '404 Not Found', '<p>The page you requested was not found.</p>');
        }

        return $this->pageCache->save($request, $this->objectManager->get($action)->execute($request));
    }
}
