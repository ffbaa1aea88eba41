<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

use Magento\Framework\Exception\AuthorizationException;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\ObjectManagerInterface;
use Magento\Webapi\Model\Authorization\TokenUserContext;

/**
 * Calls the service method of a route, if the client may.
 */
class ServiceCaller
{
    private const CUSTOMER_ID = '%customer_id%';

    public function __construct(
        private readonly ObjectManagerInterface $objectManager,
        private readonly TokenUserContext $userContext,
        private readonly ServiceInputProcessor $inputProcessor,
        private readonly ServiceOutputProcessor $outputProcessor,
    ) {
    }

    /**
     * @param array<string, mixed> $data parameter's name => value
     * @throws LocalizedException
     */
    public function call(Route $route, array $data): mixed
    {
        $customerId = $this->userContext->getCustomerId();
        $isAllowed = match ($route->resource) {
            Route::RESOURCE_ANONYMOUS => true,
            Route::RESOURCE_SELF => $customerId !== null,
            default => false,
        };
        if (!$isAllowed) {
            throw new AuthorizationException(
                "The consumer isn't authorized to access %resources.",
                ['resources' => $route->resource],
            );
        }
        foreach ($route->forcedParameters as $name => $value) {
            $data[$name] = $value === self::CUSTOMER_ID ? $customerId : $value;
        }
        $arguments = $this->inputProcessor->process($route->serviceClass, $route->serviceMethod, $data);
        $service = $this->objectManager->get($route->serviceClass);

        return $this->outputProcessor->process($service->{$route->serviceMethod}(...$arguments));
    }
}
