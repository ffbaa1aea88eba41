<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

/**
 * A route of etc/webapi.xml: which service method answers which request, and who may ask.
 */
class Route
{
    public const RESOURCE_ANONYMOUS = 'anonymous';
    public const RESOURCE_SELF = 'self';

    /**
     * @param string $url as /V1/customers/:customerId
     * @param array<string, string> $forcedParameters name => value, as customerId => %customer_id%
     */
    public function __construct(
        public readonly string $httpMethod,
        public readonly string $url,
        public readonly string $serviceClass,
        public readonly string $serviceMethod,
        public readonly string $resource,
        public readonly array $forcedParameters,
    ) {
    }

    /**
     * @return array<string, string>|null what the path's variable parts hold; null when the route is another
     */
    public function match(string $httpMethod, string $path): ?array
    {
        $pattern = preg_replace('~:(\w+)~', '(?<$1>[^/]+)', $this->url);
        if ($httpMethod !== $this->httpMethod || preg_match("~^$pattern$~D", $path, $match) !== 1) {
            return null;
        }

        return array_filter($match, is_string(...), ARRAY_FILTER_USE_KEY);
    }

    /**
     * @return string as integrationCustomerTokenServiceV1
     */
    public function getSoapServiceName(): string
    {
        preg_match('~^Magento\\\\(\w+)\\\\Api\\\\(\w+)Interface$~', $this->serviceClass, $class);
        preg_match('~^/(V\d+)/~', $this->url, $url);

        return lcfirst(($class[1] ?? '') . ($class[2] ?? '') . ($url[1] ?? ''));
    }
}
